;; The inner loops of the image room, with 128-bit SIMD, all on one memory.
;;
;;     npx --package=wabt@1.0.39 wat2wasm shared/image/kernels.wat -o shared/image/kernels.wasm
;;
;; Sums are exact in 16 bits: a byte times weights that sum to 256, and a half (128) for rounding. Loads may reach up to
;; 15 bytes, stores up to 3 bytes beyond what counts.
(module
  (memory (export "memory") 1)

  ;; One row out of several: out[i] = (128 + Σ weight[k] · row[k · stride + i]) >> 8 for `bytes` bytes.
  ;; weights: 16 bits each
  (func (export "sumRows")
    (param $row i32) (param $stride i32) (param $weights i32) (param $taps i32) (param $bytes i32) (param $out i32)
    (local $end i32) (local $from i32) (local $weight i32) (local $last i32)
    (local $low v128) (local $high v128) (local $pixels v128) (local $w v128)
    (local.set $end (i32.add (local.get $out) (local.get $bytes)))
    (local.set $last (i32.add (local.get $weights) (i32.shl (local.get $taps) (i32.const 1))))
    (block $done
      (loop $words
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (local.set $low (v128.const i16x8 128 128 128 128 128 128 128 128))
        (local.set $high (v128.const i16x8 128 128 128 128 128 128 128 128))
        (local.set $from (local.get $row))
        (local.set $weight (local.get $weights))
        (loop $tap
          (local.set $pixels (v128.load align=1 (local.get $from)))
          (local.set $w (v128.load16_splat (local.get $weight)))
          (local.set $low
            (i16x8.add (local.get $low) (i16x8.mul (i16x8.extend_low_i8x16_u (local.get $pixels)) (local.get $w))))
          (local.set $high
            (i16x8.add (local.get $high) (i16x8.mul (i16x8.extend_high_i8x16_u (local.get $pixels)) (local.get $w))))
          (local.set $from (i32.add (local.get $from) (local.get $stride)))
          (local.set $weight (i32.add (local.get $weight) (i32.const 2)))
          (br_if $tap (i32.lt_u (local.get $weight) (local.get $last))))
        (v128.store align=1 (local.get $out)
          (i8x16.narrow_i16x8_u
            (i16x8.shr_u (local.get $low) (i32.const 8))
            (i16x8.shr_u (local.get $high) (i32.const 8))))
        (local.set $row (i32.add (local.get $row) (i32.const 16)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br $words))))

  ;; One RGB row out of one: each of `count` pixels is the weighted sum of pixels from its start on, two a step.
  ;; starts: 32 bits each, in bytes; weights: for each pixel and step eight times 16 bits, w w w w' w' w' 0 0
  (func (export "sumColumns")
    (param $row i32) (param $starts i32) (param $weights i32) (param $steps i32) (param $count i32) (param $out i32)
    (local $end i32) (local $from i32) (local $step i32) (local $sum v128)
    (local.set $end (i32.add (local.get $out) (i32.mul (local.get $count) (i32.const 3))))
    (block $done
      (loop $places
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (local.set $sum (v128.const i16x8 128 128 128 0 0 0 0 0))
        (local.set $from (i32.add (local.get $row) (i32.load (local.get $starts))))
        (local.set $step (local.get $steps))
        (loop $pair
          (local.set $sum
            (i16x8.add (local.get $sum)
              (i16x8.mul (v128.load8x8_u align=1 (local.get $from)) (v128.load (local.get $weights)))))
          (local.set $from (i32.add (local.get $from) (i32.const 6)))
          (local.set $weights (i32.add (local.get $weights) (i32.const 16)))
          (br_if $pair (local.tee $step (i32.sub (local.get $step) (i32.const 1)))))
        (local.set $sum
          (i16x8.shr_u
            (i16x8.add (local.get $sum)
              (i8x16.shuffle 6 7 8 9 10 11 0 0 0 0 0 0 0 0 0 0 (local.get $sum) (local.get $sum)))
            (i32.const 8)))
        (i32.store align=1 (local.get $out)
          (i32x4.extract_lane 0 (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum))))
        (local.set $starts (i32.add (local.get $starts) (i32.const 4)))
        (local.set $out (i32.add (local.get $out) (i32.const 3)))
        (br $places))))

  ;; `count` RGB pixels along a line through an image, bilinear. x and y: 16.16 fixed point from `image` on, 7 bits of the
  ;; fraction count; all four neighbours of every pixel lie in the image.
  (func (export "line")
    (param $image i32) (param $stride i32) (param $x i32) (param $y i32) (param $stepX i32) (param $stepY i32)
    (param $count i32) (param $out i32)
    (local $end i32) (local $from i32) (local $below i32) (local $sum v128)
    (local.set $end (i32.add (local.get $out) (i32.mul (local.get $count) (i32.const 3))))
    (loop $pixels
      (local.set $from
        (i32.add (local.get $image)
          (i32.add
            (i32.mul (i32.shr_s (local.get $y) (i32.const 16)) (local.get $stride))
            (i32.mul (i32.shr_s (local.get $x) (i32.const 16)) (i32.const 3)))))
      (local.set $below (i32.and (i32.shr_u (local.get $y) (i32.const 9)) (i32.const 127)))
      ;; down: the left and the right pixel, r g b r' g' b', 15 bits
      (local.set $sum
        (i16x8.add
          (i16x8.mul
            (v128.load8x8_u align=1 (local.get $from))
            (i16x8.splat (i32.sub (i32.const 128) (local.get $below))))
          (i16x8.mul
            (v128.load8x8_u align=1 (i32.add (local.get $from) (local.get $stride)))
            (i16x8.splat (local.get $below)))))
      ;; across: r r' g g' b b' times left right left right left right, with 128 - right + 65536 right in each word
      (local.set $sum
        (i32x4.shr_u
          (i32x4.add
            (v128.const i32x4 8192 8192 8192 8192)
            (i32x4.dot_i16x8_s
              (i8x16.shuffle 0 1 6 7 2 3 8 9 4 5 10 11 0 0 0 0 (local.get $sum) (local.get $sum))
              (i32x4.splat
                (i32.add
                  (i32.const 128)
                  (i32.mul
                    (i32.and (i32.shr_u (local.get $x) (i32.const 9)) (i32.const 127))
                    (i32.const 65535))))))
          (i32.const 14)))
      (i32.store align=1 (local.get $out)
        (i32x4.extract_lane 0
          (i8x16.shuffle 0 4 8 12 0 0 0 0 0 0 0 0 0 0 0 0 (local.get $sum) (local.get $sum))))
      (local.set $x (i32.add (local.get $x) (local.get $stepX)))
      (local.set $y (i32.add (local.get $y) (local.get $stepY)))
      (br_if $pixels
        (i32.lt_u (local.tee $out (i32.add (local.get $out) (i32.const 3))) (local.get $end))))))
